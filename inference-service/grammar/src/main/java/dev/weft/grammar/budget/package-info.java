/** What bounds the work on a grammar, in steps and in time. */
@NullMarked
package dev.weft.grammar.budget;

import org.jspecify.annotations.NullMarked;
