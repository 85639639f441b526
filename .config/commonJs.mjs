/**
 * Helpers that turn an ES module into CommonJS, as esbuild does. esbuild writes them under these names into every
 * file it emits; here they exist once for all parts of the bundle (`esbuild.mjs`).
 */

/** @param all a function for each export that returns its current value */
export function __export(target, all) {
  for (const name in all) Object.defineProperty(target, name, { get: all[name], enumerable: true });
}

export function __toCommonJS(exported) {
  return Object.defineProperty(exported, '__esModule', { value: true });
}

/** @param loaded the result of `require`; a Node built-in or a CommonJS module is also its own default export */
export function __toESM(loaded) {
  if (loaded?.__esModule) return loaded;
  const target = Object.create(Object.getPrototypeOf(loaded));
  Object.defineProperty(target, 'default', { value: loaded, enumerable: true });
  for (const key of Object.getOwnPropertyNames(loaded))
    if (!Object.hasOwn(target, key))
      Object.defineProperty(target, key, {
        get: () => loaded[key],
        enumerable: Object.getOwnPropertyDescriptor(loaded, key)?.enumerable ?? true,
      });
  return target;
}
