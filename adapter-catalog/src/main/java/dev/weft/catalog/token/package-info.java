/**
 * Tokens of the admin API and of gateways, and how much each may use. The package owns table {@code
 * tokens}, which holds hashes of secrets and no secret. It tells the feed when a token ends.
 * Handlers run on virtual threads.
 */
@NullMarked
package dev.weft.catalog.token;

import org.jspecify.annotations.NullMarked;
