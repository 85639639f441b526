/** The check that verifies the Region for AWS's APIs. */
export const regionCheck = 'identityCenter.deviceAuthorization';

/** Checks of the place in which AWS's APIs are called: in a wrong one, an empty response proves nothing. */
export const placeChecks = ['identityCenter.startUrl', regionCheck] as const;

/** A mistyped start URL does not prevent reads: the Region's list of instances then shows the directory. */
export const despitePlace = { 'identityCenter.startUrl': ['notStartUrl'] } as const;
