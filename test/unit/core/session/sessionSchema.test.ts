import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { sessionSchema } from '../../../../src/core/session/sessionSchema.ts';
import { identityCenterConnection, identityCenterSession, oktaSession } from '../../fakes/examples.ts';

describe("sessionSchema: a session's record", () => {
  test.each([identityCenterSession, oktaSession])('round-trips: $type', (session) => {
    expect(v.parse(sessionSchema, JSON.parse(JSON.stringify(session)))).toEqual(session);
  });

  test.each([
    ['nothing', undefined],
    ['another type', { ...oktaSession, type: 'saml' }],
    ['another id', { ...oktaSession, id: '../../elsewhere' }],
    ['no token', { ...oktaSession, tokenSet: { ...oktaSession.tokenSet, accessToken: '' } }],
    ['no end', { ...oktaSession, tokenSet: { ...oktaSession.tokenSet, expiresAt: null } }],
    ['no server', { ...oktaSession, server: undefined }],
    ['no registration', { ...identityCenterSession, registration: undefined }],
    ['the connection of the other kind', { ...oktaSession, connection: identityCenterConnection }],
  ])('is invalid with %s', (_, record) => {
    expect(v.is(sessionSchema, record)).toBe(false);
  });
});
