import type { LoopbackPageName, LoopbackPageTexts } from '../../../src/adapters/node/loopbackPages.ts';

const words = (name: LoopbackPageName) => ({ title: `${name} title`, text: `${name} text` });

/** Texts that name their page. */
export const loopbackPageTexts: LoopbackPageTexts = {
  language: 'en',
  productName: 'Product',
  why: ({ kind }) => `why: <${kind}>`,
  pages: {
    signedIn: words('signedIn'),
    failed: words('failed'),
    notThisSignIn: words('notThisSignIn'),
    notHere: words('notHere'),
  },
};
