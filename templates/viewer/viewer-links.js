// SPDX-License-Identifier: MIT
// Links and attributes of frames, by --nameattr.

import {extras, picture} from './state.js';

// Addresses that a link may lead to: of the web, of mail, or relative.
const isSafeAddress = href => /^(https?:|mailto:|[^:]*([/?#]|$))/i.test(href ?? ':');

extras.push({
  // The title is an element of its own.
  start() {
    picture.links = new Map(Object.entries(picture.head.links || {}).map(
      ([name, {title, ...attributes}]) => [name,
        {tag: isSafeAddress(attributes.href) ? 'a' : 'g', title, attributes}]));
  },
});
