/**
 * Python's operators on values: arithmetic, comparison, {@code in}, iteration and slices, with the
 * views and lazy iterators that they return. They keep no state, except for iterators, which belong
 * to one rendering.
 */
@NullMarked
package dev.weft.chat.jinja.operation;

import org.jspecify.annotations.NullMarked;
