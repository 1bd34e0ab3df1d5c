/**
 * What values may be: rules for scalars, objects and arrays, and conditions that hold or not once a
 * value is complete. Knows neither schemas nor texts. Its grammar's lock guards it.
 */
@NullMarked
package dev.weft.grammar.rule;

import org.jspecify.annotations.NullMarked;
