import { ensureHost } from './installHost.ts';

// A standalone program without package imports: `test/tools/run.mjs` starts it before the project's packages
// are installed.
await ensureHost();
