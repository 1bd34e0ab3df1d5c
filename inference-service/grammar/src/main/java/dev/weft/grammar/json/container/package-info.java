/**
 * The objects and arrays that are open in an answer: what their rules ask of the members to come,
 * and whether they can still be completed.
 */
@NullMarked
package dev.weft.grammar.json.container;

import org.jspecify.annotations.NullMarked;
