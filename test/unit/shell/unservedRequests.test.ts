import { describe, expect, test } from 'vitest';
import { createUnservedRequests } from '../../../src/shell/unservedRequests.ts';
import { identityCenterSession } from '../fakes/examples.ts';

const { scopes } = identityCenterSession.tokenSet;
const anywhere = (): boolean => true;

describe('createUnservedRequests', () => {
  test('matches a request once, with its session, in any order of scopes', () => {
    const requests = createUnservedRequests();
    requests.add(scopes, anywhere);
    requests.add([...scopes].reverse(), anywhere);
    expect(requests.takeServedBy([identityCenterSession])).toEqual([
      { session: identityCenterSession, scopes: [...scopes].reverse() },
    ]);
    expect(requests.takeServedBy([identityCenterSession])).toEqual([]);
  });

  test('keeps a request for more scopes, another connection, or an ended session', () => {
    const requests = createUnservedRequests();
    requests.add([...scopes, 'more'], anywhere);
    requests.add([...scopes].slice(0, 1), () => false);
    expect(requests.takeServedBy([identityCenterSession])).toEqual([]);
    requests.add(scopes, anywhere);
    const ended = { at: 0, kind: 'grantRevoked' } as const;
    expect(requests.takeServedBy([{ ...identityCenterSession, ended }])).toEqual([]);
    expect(requests.takeServedBy([identityCenterSession])).toHaveLength(1);
  });

  test('keeps at most fifty, of a tool that requests different scopes each time', () => {
    const requests = createUnservedRequests();
    for (let count = 0; count < 60; count += 1) requests.add([`scope-${count}`], anywhere);
    const tokenSet = {
      ...identityCenterSession.tokenSet,
      scopes: Array.from({ length: 60 }, (_, count) => `scope-${count}`),
    };
    expect(requests.takeServedBy([{ ...identityCenterSession, tokenSet }])).toHaveLength(50);
  });

  test('of another tool, made or repeated later, is not lost to one that requests ten thousand others', () => {
    const requests = createUnservedRequests();
    for (let count = 0; count < 10_000; count += 1) {
      requests.add([`scope-${count}`], anywhere);
      if (count > 60 && count % 40 === 0) requests.add(scopes, anywhere);
    }
    expect(requests.takeServedBy([identityCenterSession])).toEqual([
      { session: identityCenterSession, scopes },
    ]);
  });
});
