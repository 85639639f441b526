import { normalStartUrl } from '../input/startUrl.ts';
import { pastedAddress } from '../input/pastedAddress.ts';
import type { SetupInputs } from './setupPorts.ts';

/** The directory in the start URL; undefined if it has an alias instead. */
export function startUrlDirectory({ accessPortal: identityCenter }: SetupInputs): string | undefined {
  return directoryIn(URL.parse(normalStartUrl(identityCenter?.startUrl ?? ''))?.hostname);
}

/** The directory in the issuer URL. */
export function issuerDirectory({ samlIssuerUrl = '' }: SetupInputs): string | undefined {
  return directoryIn(URL.parse(pastedAddress(samlIssuerUrl))?.pathname);
}

/** The ID of an Identity Center directory in a host name or path. */
function directoryIn(text: string | undefined): string | undefined {
  return /(?:^|\/)(d-[\da-z]{10})(?:$|[./])/.exec(text?.toLowerCase() ?? '')?.[1];
}
