/**
 * Tokens as gateways and workers see them: they ask the catalog whose a token is, by its hash, and
 * remember the answer for a while. Any thread; an answer comes later.
 */
@NullMarked
package dev.weft.access.token;

import org.jspecify.annotations.NullMarked;
