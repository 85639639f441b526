@echo off
rem Prints a token of a connection that is shared with the editor's terminals. Runs with the editor's own Node.
setlocal
if not defined DEVELOPER_SIGN_IN_NODE (
  echo sso-token: This terminal can use no sign-in. Run "Use in Terminal" in the Command Palette, then open a new terminal. 1>&2
  exit /b 3
)
set NODE_OPTIONS=
set ELECTRON_RUN_AS_NODE=1
"%DEVELOPER_SIGN_IN_NODE%" %DEVELOPER_SIGN_IN_NODE_OPTIONS% "%~dp0..\sso-token.cjs" %*
