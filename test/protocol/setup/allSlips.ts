import type { SetupGuideId } from '../../../src/setup/setupGuides.ts';
import { identityCenterSlips } from './identityCenter.rows.ts';
import { kiroSlips } from './kiro.rows.ts';
import { openIdConnectSlips } from './openIdConnect.rows.ts';
import type { Slip } from './slip.ts';

/** Both guides share the provisioning checks. */
const provisioning = identityCenterSlips.filter(({ check }) => check.startsWith('scim.'));

/** The slips of each guide. */
export const slipsOf: Readonly<Record<SetupGuideId, readonly Slip[]>> = {
  kiro: [...kiroSlips, ...provisioning],
  identityCenter: identityCenterSlips,
  openIdConnect: openIdConnectSlips,
};
