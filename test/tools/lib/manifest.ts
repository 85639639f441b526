import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { defaultScopesOf } from '../../../src/core/connection/connection.ts';
import {
  connectionFields,
  connectionTypes,
  fieldsOf,
  flowNames,
  isOptional,
} from '../../../src/core/connection/connectionFields.ts';
import type { ConnectionType, Field } from '../../../src/core/connection/connectionFields.ts';
import { knownRegions } from '../../../src/input/regions.ts';
import { fieldTexts } from '../../../src/shell/providers/fieldTexts.ts';
import type { FieldTexts } from '../../../src/shell/providers/fieldTexts.ts';
import { providerTypes, registrationOf } from '../../../src/shell/providers/registration.ts';
import { projectRoot } from './paths.ts';
import { languages, manifestTexts, translatedTexts } from './words.ts';
import type { Words } from './words.ts';

/**
 * The parts of the manifest that derive from `connectionFields.ts`, `fieldTexts.ts` and `registration.ts`: the
 * authentication providers, the schema of `developerSignIn.connections`, and its texts in each language. `npm run
 * format` writes them, and a unit test compares them.
 */

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = Readonly<Record<string, Json>>;

const setting = 'developerSignIn.connections';
const prefix = 'setting.connection.';
/** Handwritten texts of the setting: about the types, and about everything that is not a field. */
const byHand = /^setting\.connection\.(type(\.\w+)?|other)$/;

/** The expected content of generated files, by path. */
export function manifestFiles(): ReadonlyMap<string, string> {
  const words = languages.map((language) => {
    const translations = translatedTexts(language);
    const texts = fieldTexts({ t: (message) => translations[message] ?? message });
    return [`package.nls.${language}.json`, withFieldTexts(manifestTexts(language), texts)] as const;
  });
  return new Map<string, string>([
    ['package.json', json(manifest())],
    ['package.nls.json', json(withFieldTexts(manifestTexts(), englishTexts))],
    ...words.map(([path, all]) => [path, json(all)] as const),
  ]);
}

/** Writes {@link manifestFiles}. */
export function writeManifest(): void {
  for (const [path, text] of manifestFiles()) writeFileSync(join(projectRoot, path), text);
}

const englishTexts = fieldTexts({ t: (message) => message });

function manifest(): Json {
  const text = readFileSync(join(projectRoot, 'package.json'), 'utf8');
  return JSON.parse(text, function (this: unknown, name: string, value: Json) {
    if (name === 'authentication') return authentication;
    return name === setting && isObject(value) && 'items' in value ? connectionsSchema(value) : value;
  }) as Json;
}

const authentication: Json = providerTypes.map((type) => {
  const { id, label } = registrationOf(type);
  return { id, label };
});

/** Updates the snippets and items of the setting and keeps everything else. */
function connectionsSchema(written: JsonObject): JsonObject {
  const snippets = (isList: boolean): Json =>
    connectionTypes.map((type) => ({
      label: registrationOf(type).label,
      description: `%${prefix}type.${type}%`,
      body: isList ? [snippetOf(type)] : snippetOf(type),
    }));
  return {
    ...written,
    defaultSnippets: snippets(true),
    items: {
      type: 'object',
      required: ['type', 'name'],
      defaultSnippets: snippets(false),
      properties: {
        type: {
          enum: connectionTypes,
          enumDescriptions: connectionTypes.map((type) => `%${prefix}type.${type}%`),
          description: `%${prefix}type%`,
        },
        name: schemaOfField(connectionTypes[0] ?? 'okta', 'name', connectionFields.okta.name),
      },
      ...schemaByType(connectionTypes),
    },
  };
}

/** Which types a text is for: the first type, or the others. */
function schemaByType([type, ...others]: readonly ConnectionType[]): JsonObject {
  if (type === undefined) return {};
  const fields = fieldsOf(type).filter(({ name }) => name !== 'name');
  return {
    if: { required: ['type'], properties: { type: { const: type } } },
    then: {
      additionalProperties: false,
      errorMessage: `%${prefix}other%`,
      required: fields.filter((field) => !isOptional(field)).map(({ name }) => name),
      properties: {
        type: true,
        name: true,
        ...Object.fromEntries(fields.map((field) => [field.name, schemaOfField(type, field.name, field)])),
      },
    },
    ...(others.length === 0 ? {} : { else: schemaByType(others) }),
  };
}

function schemaOfField(type: ConnectionType, name: string, field: Field): JsonObject {
  const key = textKey(type, name);
  const description = { description: `%${key}%` };
  const pattern = {
    ...(field.pattern === undefined
      ? {}
      : { pattern: field.pattern, patternErrorMessage: `%${key}.pattern%` }),
  };
  switch (field.kind) {
    case 'scopes':
      return {
        type: 'array',
        minItems: 1,
        items: { type: 'string', pattern: '^[!#-\\[\\]-~]+$', patternErrorMessage: `%${key}.pattern%` },
        ...description,
        examples: [defaultScopesOf(type)],
      };
    case 'ports':
      return {
        type: 'array',
        minItems: 1,
        items: { type: 'integer', minimum: 1, maximum: 65535 },
        ...description,
        examples: (field.examples ?? []).map((ports) => ports.split(' ').map(Number)),
      };
    case 'flow':
      return {
        type: 'string',
        enum: flowNames,
        enumDescriptions: flowNames.map((flow) => `%setting.flow.${flow}%`),
        ...description,
      };
    case 'map':
      return {
        type: 'object',
        minProperties: 1,
        additionalProperties: { type: 'string', ...pattern },
        ...description,
      };
    case 'region':
      return { type: 'string', ...pattern, ...description, examples: regions };
    case 'name':
      return { type: 'string', ...pattern, maxLength: 100, ...description, examples: field.examples ?? [] };
    default:
      return {
        type: 'string',
        ...pattern,
        ...description,
        ...(field.examples === undefined ? {} : { examples: field.examples }),
      };
  }
}

const regions = Object.values(knownRegions).flat();

/** A sample connection with a placeholder for each required field. */
function snippetOf(type: ConnectionType): JsonObject {
  const needed = fieldsOf(type).filter((field) => !isOptional(field));
  return Object.fromEntries([
    ['type', type],
    ...needed.map(
      ({ name, examples = [] }, index) => [name, `\${${index + 1}:${examples[0] ?? ''}}`] as const,
    ),
  ]);
}

/** The key of a field's text: specific to a type only if its text differs from other types'. */
function textKey(type: ConnectionType, name: string): string {
  const own = textsOf(englishTexts, type, name)?.description;
  const first = connectionTypes.find((one) => textsOf(englishTexts, one, name) !== undefined) ?? type;
  const isCommon = textsOf(englishTexts, first, name)?.description === own;
  return isCommon ? `${prefix}${name}` : `${prefix}${type}.${name}`;
}

/** The manifest texts with the field texts replacing the current ones in place. */
function withFieldTexts(written: Words, texts: typeof englishTexts): Words {
  const isOfField = ([name]: readonly [string, string]): boolean =>
    name.startsWith(prefix) && !byHand.test(name);
  const entries = Object.entries(written);
  const found = entries.findIndex(isOfField);
  const place = found < 0 ? entries.length : found;
  const others = (part: typeof entries): typeof entries => part.filter((entry) => !isOfField(entry));
  const own = connectionTypes.flatMap((type) =>
    fieldsOf(type).flatMap(({ kind, name, pattern }) => {
      const { description = '', problem = '' } = textsOf(texts, type, name) ?? {};
      const key = textKey(type, name);
      const hasPattern = pattern !== undefined || kind === 'scopes';
      return [[key, description] as const, ...(hasPattern ? [[`${key}.pattern`, problem] as const] : [])];
    }),
  );
  return Object.fromEntries([...others(entries.slice(0, place)), ...own, ...others(entries.slice(place))]);
}

function textsOf(texts: typeof englishTexts, type: ConnectionType, name: string): FieldTexts | undefined {
  return new Map<string, FieldTexts>(Object.entries(texts[type])).get(name);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function json(value: Json): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
