import { ensureHost } from './installHost.ts';

// A program of its own, started by `test/tools/run.mjs` before the project's packages are there: it imports none.
await ensureHost();
