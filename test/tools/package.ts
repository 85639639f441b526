import { packageExtension } from './lib/packageExtension.ts';

process.exitCode = await packageExtension();
