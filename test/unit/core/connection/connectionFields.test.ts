import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { connectionKey, placeOf, valueOf } from '../../../../src/core/connection/connection.ts';
import type { Connection, FieldValue } from '../../../../src/core/connection/connection.ts';
import {
  connectionTypes,
  fieldsOf,
  isOptional,
  parametersSchema,
} from '../../../../src/core/connection/connectionFields.ts';
import type { ConnectionType, Field } from '../../../../src/core/connection/connectionFields.ts';
import { requestSchema } from '../../../../src/core/connection/connectionSchema.ts';
import { textOfValue, valueOfText, withValue } from '../../../../src/input/fieldValues.ts';
import { readEntry } from '../../../../src/features/connectionEntries.ts';
import {
  connectionLink,
  leftOutOfLink,
  parseConnectionLink,
} from '../../../../src/features/connectionLink.ts';
import { authorizeParameters, planOf } from '../../../../src/core/session/acquireTokens.ts';
import { editConnection } from '../../../../src/shell/connections/editConnection.ts';
import { shownValue } from '../../../../src/shell/connections/editMember.ts';
import { diagnosticsReport } from '../../../../src/shell/diagnostics/diagnosticsReport.ts';
import { connectionDetail } from '../../../../src/shell/format/formatConnection.ts';
import { fieldTexts } from '../../../../src/shell/providers/fieldTexts.ts';
import { diagnosticsOf } from '../../fakes/diagnosticsOf.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { signInSettings } from '../../fakes/examples.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

type NamedField = Field & { readonly name: string };

/** Possible values of a field in the settings, in normal form. */
function valuesOf(type: ConnectionType, { examples = [], kind, name }: NamedField): fc.Arbitrary<FieldValue> {
  const word = fc.stringMatching(/^[a-z][\w.-]{0,20}$/);
  switch (kind) {
    case 'startUrl':
      return fc.stringMatching(/^d-[\da-f]{10}$/).map((id) => `https://${id}.awsapps.com/start`);
    case 'region':
      return fc.constantFrom('us-east-1', 'eu-central-1', 'ap-southeast-7');
    case 'issuer':
      return word.map((path) => `https://example.okta.com/oauth2/${path}0`);
    case 'clientId':
      return fc.stringMatching(/^0oa[\da-zA-Z]{5,20}$/);
    case 'scopes':
      return fc.array(fc.stringMatching(/^[\w:./-]{1,30}$/), { minLength: 1, maxLength: 5 });
    case 'ports':
      return fc.array(fc.integer({ min: 1, max: 65535 }), { minLength: 1, maxLength: 5 });
    case 'flow':
      return fc.constantFrom('deviceCode', 'authorizationCode');
    case 'name':
      return word.map((text) => `My ${type} ${text}`);
    case 'text':
      if (name === 'loginHint') return word.map((text) => `${text}0@example.com`);
      return examples.length === 0 ? word : fc.constantFrom(...examples);
    case 'map':
      return parameters;
  }
}

const parameters = fc.dictionary(
  fc.constantFrom('audience', 'prompt', 'resource', 'acr_values', 'domain_hint'),
  fc.constantFrom('https://api.example.com/v1?a=b&c=d', 'select_account', 'urn:a urn:b', '100 %', 'a+b=c'),
  { minKeys: 1 },
);

/** Connections of a type, with any of their optional fields. */
function connectionsOf(type: ConnectionType): fc.Arbitrary<Connection> {
  const fields = fieldsOf(type);
  const members = Object.fromEntries(fields.map((field) => [field.name, valuesOf(type, field)]));
  const requiredKeys = fields.filter((field) => !isOptional(field)).map(({ name }) => name);
  return fc.record(members, { requiredKeys }).map((values) => read({ type, ...values }));
}

function read(entry: unknown): Connection {
  const reading = readEntry(entry);
  if ('connection' in reading) return reading.connection;
  throw new Error(
    `A field refuses a value that this test made for it. A text whose schema refuses ordinary words needs \`examples\` in connectionFields.ts: ${JSON.stringify(reading)} ${JSON.stringify(entry)}`,
  );
}

describe.each(connectionTypes)('connectionFields: every field of a connection of type %s', (type) => {
  const fields = fieldsOf(type);
  const optional = fields.filter(isOptional);
  const connection = connectionsOf(type);
  const each = (check: (one: Connection) => void): void => {
    const property = fc.property(connection, (one) => {
      check(one);
    });
    fc.assert(property, { numRuns: 200 });
  };

  test('that is an address says where the connection leads', () => {
    const place = fields.filter(({ argument }) => argument === 'place').map(({ name }) => name);
    each((one) => {
      expect(placeOf(one).map(({ name }) => name)).toEqual(place);
    });
  });

  test('is read from the settings unchanged, and an unknown one is ignored', () => {
    each((one) => expect(readEntry({ ...one, unknown: 1 })).toEqual({ connection: one }));
  });

  test('is restored from a link, unless it is machine-specific, which is reported', () => {
    each((one) => {
      const { pathname, search } = new URL(connectionLink('vscode', one));
      const arrived = parseConnectionLink(pathname, decodeURIComponent(search.slice(1)));
      const leftOut = leftOutOfLink(one);
      const kept = Object.entries(one).filter(([name]) => !leftOut.includes(name));
      expect(arrived).toEqual(Object.fromEntries(kept));
      expect(leftOut.filter((name) => fields.find((field) => field.name === name)?.inLink)).toEqual([]);
    });
  });

  test('is included in diagnostics, with personal data masked', () => {
    each((one) => {
      const line = diagnosticsReport(diagnosticsOf(one));
      for (const { isPersonal, name } of fields) {
        const value = valueOf(one, name);
        if (value === undefined) continue;
        const text = textOfValue(value);
        expect(line.includes(text), name).toBe(isPersonal !== true);
        if (name !== 'name' && !connectionKey(one).includes(text)) expect(line).toContain(`; ${name} `);
      }
    });
  });

  test('has its texts, and a validation message if settings.json checks it by a pattern', () => {
    const texts = new Map(Object.entries(fieldTexts({ t: (text) => text })[type]));
    expect([...texts.keys()]).toEqual(fields.map(({ name }) => name));
    for (const { kind, name, pattern } of fields) {
      expect(texts.get(name)?.problem !== undefined, name).toBe(pattern !== undefined || kind === 'scopes');
    }
  });

  test.each(fields.filter(({ editable }) => editable !== false))(
    '$name is a row of the connection editor',
    async (field) => {
      const [one] = fc.sample(connection, { numRuns: 1, seed: 1 });
      if (one === undefined) throw new Error('A sample is one');
      const { context } = await shellWorld({ connections: [one] });
      const done = editConnection(context, one);
      await settleUntil(() => screen.input !== undefined);
      const texts = new Map(Object.entries(fieldTexts({ t: (text) => text })[type]));
      const row = screen.pick.row(texts.get(field.name)?.label ?? '');
      expect(row.description).toBe(shownValue(one, field));
      screen.pick.escape();
      expect(await done).toBe('end');
    },
  );

  test.each(optional.filter(({ kind }) => kind !== 'flow'))('$name can be typed as displayed', (field) => {
    fc.assert(
      fc.property(connection, valuesOf(type, field), (one, value) => {
        const typed = valueOfText(field.kind, textOfValue(value));
        expect(typed).toEqual(value);
        expect(valueOf(read(withValue(one, field.name, typed)), field.name)).toEqual(value);
      }),
      { numRuns: 100 },
    );
  });

  test('matches its pattern in settings.json', () => {
    each((one) => {
      for (const { name, pattern } of fields) {
        const value = valueOf(one, name);
        if (pattern === undefined || typeof value !== 'string') continue;
        for (const flags of ['', 'u']) expect(new RegExp(pattern, flags).test(value), name).toBe(true);
      }
    });
  });

  test('that a command can set is sent with the request, and is displayed', () => {
    const requested = fields.filter(({ argument }) => argument === 'request');
    expect(requested.map(({ name }) => name).filter((name) => !(name in requestSchema.entries))).toEqual([]);
    for (const field of requested) {
      const [one] = fc.sample(connection, { numRuns: 1, seed: 2 });
      const [value] = fc.sample(valuesOf(type, field), { numRuns: 1, seed: 3 });
      if (one === undefined || value === undefined) throw new Error('A sample is one');
      const request = v.parse(requestSchema, { [field.name]: value });
      const plan = planOf(one, request, signInSettings);
      const detail = connectionDetail('arguments', one, plan);
      if (field.kind === 'flow') continue;
      for (const word of textOfValue(value).split(' ')) expect(detail).toContain(word);
      if (field.sentAs !== undefined) expect(authorizeParameters(type, plan)[field.sentAs]).toBe(value);
    }
  });
});

describe('parametersSchema: a map of parameters', () => {
  test('can be typed as displayed', () => {
    fc.assert(
      fc.property(parameters, (map) => {
        expect(valueOfText('map', textOfValue(map))).toEqual(map);
        expect(v.is(parametersSchema, map)).toBe(true);
      }),
    );
  });

  test.each(['audience', 'a=1 a=2', 'a=%zz'])('cannot be %j', (text) => {
    expect(v.is(parametersSchema, valueOfText('map', text))).toBe(false);
  });

  test.each([
    ['none', {}],
    ['what a sign-in sends itself', { redirect_uri: 'https://evil.example' }],
    ['its state', { state: 'x' }],
    ['a request object', { request_uri: 'https://evil.example' }],
    ['a secret', { client_secret: 'x' }],
    ['an assertion', { client_assertion: 'x' }],
    ['a name with a space', { 'a b': 'x' }],
    ['an empty value', { audience: ' ' }],
    ['a value on two lines', { audience: 'a\nb' }],
    ['what cannot be seen', { audience: 'a\u200bb' }],
    ['a long value', { audience: 'x'.repeat(201) }],
    ['too many', Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`p${index}`, 'x']))],
  ])('cannot contain %s', (_, map) => {
    expect(v.is(parametersSchema, map)).toBe(false);
  });
});

test('the table names every field of the manifest in three languages', () => {
  const words = ['', '.de', '.ja'].map(
    (language) => JSON.parse(readFileSync(`package.nls${language}.json`, 'utf8')) as Record<string, string>,
  );
  for (const type of connectionTypes)
    for (const { name } of fieldsOf(type))
      for (const all of words)
        expect(
          all[`setting.connection.${type}.${name}`] ?? all[`setting.connection.${name}`],
          name,
        ).toBeTruthy();
});
