/**
 * Tokens of the admin API. Owns table {@code tokens}, which holds hashes of secrets and no secret.
 * Tells the feed of tokens that end. Handlers run on virtual threads.
 */
@NullMarked
package dev.weft.catalog.token;

import org.jspecify.annotations.NullMarked;
