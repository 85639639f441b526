import * as v from 'valibot';

/**
 * Schemas of Okta's resources with the members used here (Okta Admin Management API 2026.06.3). Every member
 * may be missing, which never fails a check.
 */
const texts = v.optional(v.nullable(v.array(v.string())));
const text = v.optional(v.nullable(v.string()));
/** An application (`GET /api/v1/apps/{appId}`). */
export const applicationSchema = v.object({
  id: v.string(),
  name: text,
  label: text,
  status: text,
  signOnMode: text,
  features: texts,
  credentials: v.optional(
    v.object({
      oauthClient: v.optional(
        v.object({
          client_id: text,
          token_endpoint_auth_method: text,
          pkce_required: v.optional(v.nullable(v.boolean())),
        }),
      ),
      userNameTemplate: v.optional(v.object({ template: text })),
      signing: v.optional(v.nullable(v.object({ kid: text }))),
    }),
  ),
  settings: v.optional(
    v.object({
      implicitAssignment: v.optional(v.nullable(v.boolean())),
      app: v.optional(v.nullable(v.object({ acsURL: text, entityID: text }))),
      signOn: v.optional(v.nullable(v.object({ ssoAcsUrl: text, audience: text }))),
      oauthClient: v.optional(
        v.object({
          application_type: text,
          grant_types: texts,
          redirect_uris: texts,
          dpop_bound_access_tokens: v.optional(v.nullable(v.boolean())),
        }),
      ),
    }),
  ),
});
/** Whether an application needs no assignments (Okta help, *Federation Broker Mode*). */
export function isForEveryone({ settings }: v.InferOutput<typeof applicationSchema>): boolean {
  return settings?.implicitAssignment === true;
}
/** A user or group assigned to an application. */
export const assignmentSchema = v.object({ id: v.string() });
/** A user assigned to an application. */
export const appUserSchema = v.object({
  id: v.string(),
  externalId: text,
  status: text,
  syncState: text,
  lastSync: text,
  scope: text,
  credentials: v.optional(v.nullable(v.object({ userName: text }))),
});
/** A user of an application. */
export type AppUser = v.InferOutput<typeof appUserSchema>;

/** Statuses of a user who no longer has the application (Okta's `AppUserStatus`). */
const endedStatuses = ['DEPROVISIONED', 'INACTIVE', 'REVOKED', 'SUSPENDED', 'UNASSIGNED'];

/** Whether a user has the application: Okta also returns those who had it before. */
export function isAssigned({ status }: Pick<AppUser, 'status'>): boolean {
  return status == null || !endedStatuses.includes(status);
}

/** The users who have an application. */
export const assignedUsersSchema = v.pipe(
  v.array(appUserSchema),
  v.transform((all) => all.filter(isAssigned)),
);
/** An authorization server (`GET /api/v1/authorizationServers/{id}`). */
export const serverSchema = v.object({ name: text, status: text, issuer: text, issuerMode: text });
/** A scope of an authorization server. */
export const scopeSchema = v.object({ name: v.string(), consent: text });
const priority = v.optional(v.nullable(v.number()));
/** An access policy of an authorization server. */
export const policySchema = v.object({
  id: v.string(),
  name: text,
  status: text,
  priority,
  conditions: v.optional(v.object({ clients: v.optional(v.object({ include: texts })) })),
});
const chosen = v.optional(v.nullable(v.object({ include: texts, exclude: texts })));
const minutes = v.optional(v.nullable(v.number()));
/** The lifetimes that a rule gives to tokens, in minutes; 0 is unlimited. */
const lifetimes = v.object({
  accessTokenLifetimeMinutes: minutes,
  refreshTokenLifetimeMinutes: minutes,
  refreshTokenWindowMinutes: minutes,
});
/** A rule of an access policy. */
export const ruleSchema = v.object({
  name: text,
  status: text,
  priority,
  actions: v.optional(v.nullable(v.object({ token: v.optional(v.nullable(lifetimes)) }))),
  conditions: v.optional(
    v.object({
      scopes: v.optional(v.object({ include: texts })),
      grantTypes: v.optional(v.object({ include: texts })),
      people: v.optional(v.nullable(v.object({ users: chosen, groups: chosen }))),
    }),
  ),
});
/** An access policy of an authorization server. */
export type Policy = v.InferOutput<typeof policySchema>;
/** A rule of an access policy. */
export type Rule = v.InferOutput<typeof ruleSchema>;
/** A group pushed to an application. */
export const mappingSchema = v.object({ sourceGroupId: text, status: text, errorSummary: text });
/** A user. */
export const userSchema = v.object({
  id: v.string(),
  status: text,
  profile: v.optional(v.nullable(v.object({ login: text }))),
});
/** A group. */
export const groupSchema = v.object({
  id: v.string(),
  profile: v.optional(v.nullable(v.object({ name: text }))),
});
/** A signing key of an application. */
export const keySchema = v.object({ kid: text, expiresAt: text, x5c: texts });
/** An event of the System Log. */
export const logEventSchema = v.object({
  published: text,
  eventType: text,
  displayMessage: text,
  outcome: v.optional(v.nullable(v.object({ result: text, reason: text }))),
  target: v.optional(v.nullable(v.array(v.object({ type: text, displayName: text, alternateId: text })))),
});
const matched = v.object({ id: text, name: text, status: text });
const simulatedSchema = v.optional(
  v.nullable(
    v.object({
      policies: v.optional(
        v.nullable(
          v.array(v.object({ ...matched.entries, rules: v.optional(v.nullable(v.array(matched))) })),
        ),
      ),
    }),
  ),
);
/**
 * A response of *Simulate a policy*. Okta's schema is a list of evaluations, its example an object with one;
 * `policyType` is a list in one and a text in the other.
 */
const evaluationSchema = v.object({
  policyType: v.optional(v.nullable(v.union([v.string(), v.array(v.string())]))),
  result: simulatedSchema,
  undefined: simulatedSchema,
});
const evaluationListSchema = v.object({ evaluation: v.array(evaluationSchema) });
/** The response of *Simulate a policy*, as a list of evaluations. */
export const simulationSchema = v.pipe(
  v.union([v.array(v.union([evaluationListSchema, evaluationSchema])), evaluationListSchema]),
  v.transform((answer) =>
    (Array.isArray(answer) ? answer : [answer]).flatMap((one) =>
      'evaluation' in one ? one.evaluation : [one],
    ),
  ),
);
/** A rule of an authentication policy. */
export const accessRuleSchema = v.object({
  actions: v.optional(
    v.nullable(v.object({ appSignOn: v.optional(v.nullable(v.object({ access: text }))) })),
  ),
});
