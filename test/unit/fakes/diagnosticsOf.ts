import type { Connection } from '../../../src/core/connection/connection.ts';
import type { DiagnosticsData } from '../../../src/features/diagnosticsData.ts';
import { january, signInSettings } from './examples.ts';

/** The diagnostics of a window with only these connections. */
export function diagnosticsOf(...connections: readonly Connection[]): DiagnosticsData {
  return {
    at: january,
    versions: { extension: '0', editor: 'an editor', language: 'en', node: 'v24', system: 'a system' },
    host: { ui: 'desktop', remoteName: undefined, runs: 'ui', row: 'local' },
    settings: signInSettings,
    isSigningIn: false,
    ports: [],
    network: { settings: {}, variables: {} },
    skews: [],
    storage: {
      keyring: { state: 'answers', secrets: 0, hasSealingKey: true },
      folder: '700',
      records: 0,
      locks: [],
    },
    connections,
    unreadableEntries: [],
    sessions: [],
    failures: {},
    lost: [],
    organization: { file: 'a file', state: 'none', policy: {}, files: [] },
    awsConfig: { file: 'another file', sections: [] },
    events: [],
    home: '',
  };
}
