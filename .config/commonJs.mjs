/**
 * How a module of ES becomes one of CommonJS, as esbuild does it: it writes these into each file that it makes, under these
 * names. Here they are once, for all parts of the bundle (`esbuild.mjs`).
 */

/** @param all a function for each name, which says what it is now */
export function __export(target, all) {
  for (const name in all) Object.defineProperty(target, name, { get: all[name], enumerable: true });
}

export function __toCommonJS(exported) {
  return Object.defineProperty(exported, '__esModule', { value: true });
}

/** @param loaded what `require` gave: a module of Node's own, or one that is CommonJS already, is its own default, too */
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
