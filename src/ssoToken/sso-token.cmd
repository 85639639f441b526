@echo off
rem Prints a token of a connection that is shared with the editor's terminals. Runs with the editor's own Node.
setlocal EnableExtensions DisableDelayedExpansion
rem What a debugger or a profiler put there is meant for programs of the person's own.
set "NODE_OPTIONS="
set "ELECTRON_RUN_AS_NODE=1"
rem Each way ends with a program. The exit code of "exit /b" is lost where more stands behind sso-token, and in PowerShell.
if not defined DEVELOPER_SIGN_IN_NODE (
  >&2 echo sso-token: No sign-in is shared with this terminal, or its environment was cleared. Run "Use in Terminal" in the Command Palette, then open a new terminal.
  "%ComSpec%" /d /c exit 3
) else if not exist "%DEVELOPER_SIGN_IN_NODE%" (
  >&2 echo sso-token: The editor was updated or removed after this terminal was opened. Open a new terminal.
  "%ComSpec%" /d /c exit 3
) else "%DEVELOPER_SIGN_IN_NODE%" %DEVELOPER_SIGN_IN_NODE_OPTIONS% "%~dp0..\sso-token.cjs" %*
