/**
 * Tokens as gateways and workers see them: they ask the catalog by its hash whose a token is, and
 * remember the answer for a while. Any thread; answers are asynchronous.
 */
@NullMarked
package dev.weft.access.token;

import org.jspecify.annotations.NullMarked;
