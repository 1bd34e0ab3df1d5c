/** Where a text in JSON may go on under rules: the places of its structure. */
@NullMarked
package dev.weft.grammar.json;

import org.jspecify.annotations.NullMarked;
