/**
 * Reads JSON Schema, drafts 4 to 2020-12, into rules; refuses keywords that are not served by
 * pointer and keyword.
 */
@NullMarked
package dev.weft.grammar.schema;

import org.jspecify.annotations.NullMarked;
