import { parseArgs } from 'node:util';
import { checkSetup } from '../headless.ts';
import type { SetupCheckOptions } from '../headless.ts';
import { readRequest, readText, UsageError } from './inputFile.ts';
import { outputJson, outputLine } from './outputText.ts';
import { exitCodeOf, reportLines, reportOf } from './report.ts';
import { changesSince, readSince } from './since.ts';

const help = `Usage: check-setup --inputs setup.json [--person LOGIN] [--since FILE] [--format json|text] [--strict]

Checks how Okta is connected with IAM Identity Center or Kiro. Changes no setting.

  --inputs FILE   JSON with "guide" ("kiro", "identityCenter" or "openIdConnect") and the inputs of the checks
  --person LOGIN  also says whether this person has access, step by step, without their password
  --since FILE    an earlier report as JSON: also says what changed since then
  --format        json (the default) or text
  --strict        fails also when a check without a test sign-in could not be verified
  --help

Secrets come from the environment: SCIM_TOKEN, the SCIM access token; OKTA_API_TOKEN,
an API token of a read-only Okta administrator, or OKTA_SERVICE_KEY, the private key of
the service app oktaServiceClientId; SAML_RESPONSE, Okta's response of a sign-in, which
is only compared. OKTA_SERVICE_KEY_FILE and SAML_RESPONSE_FILE name a file instead.

Exit code: 0 nothing failed, 1 a check failed (with --strict, or could not be verified),
2 the checks could not be run. Warnings and manual steps do not fail.
`;

/** The environment of the program. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  readonly signal: AbortSignal;
  /** Overrides those of the input file. */
  readonly options?: SetupCheckOptions;
}

/** Runs the program. @returns its exit code */
export async function runProgram(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { env, print, printError, signal } = surroundings;
  try {
    const { inputs: file, format, person, since, strict, help: wantsHelp } = argumentsOf(args);
    if (wantsHelp === true) {
      print(help);
      return 0;
    }
    if (file === undefined) throw new UsageError('--inputs is missing.');
    if (format !== 'json' && format !== 'text') throw new UsageError('--format is json or text.');
    const { guide, inputs, options } = readRequest(file, {
      scimToken: env['SCIM_TOKEN'],
      oktaApiToken: env['OKTA_API_TOKEN'],
      oktaServiceKey: fromFile(env, 'OKTA_SERVICE_KEY'),
      samlResponse: fromFile(env, 'SAML_RESPONSE'),
    });
    const before = since === undefined ? undefined : readSince(since, guide);
    const asked = person === undefined ? inputs : { ...inputs, userName: person };
    const isForPerson = person !== undefined;
    const outcomes = await checkSetup(
      guide,
      asked,
      { ...options, isForPerson, ...surroundings.options },
      signal,
    );
    const finishedAt = Date.now();
    const report = {
      ...reportOf(guide, outcomes, finishedAt, person),
      ...(before === undefined ? {} : { changes: changesSince(before, guide, outcomes, finishedAt) }),
    };
    print(format === 'json' ? `${outputJson(report)}\n` : reportLines(report));
    return exitCodeOf(report, strict);
  } catch (error) {
    const why = error instanceof UsageError ? error.message : `The checks could not be run: ${String(error)}`;
    printError(`${outputLine(why)}\n`);
    return 2;
  }
}

/**
 * The value of a variable, or the content of the file that `…_FILE` names. @throws UsageError for a file that
 * cannot be read
 */
function fromFile(env: Surroundings['env'], name: string): string | undefined {
  const path = env[`${name}_FILE`] ?? '';
  return path === '' ? env[name] : readText(path);
}

function argumentsOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        inputs: { type: 'string' },
        person: { type: 'string' },
        since: { type: 'string' },
        format: { type: 'string', default: 'json' },
        strict: { type: 'boolean', default: false },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
