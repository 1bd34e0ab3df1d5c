/**
 * What Python's operators do with values: arithmetic, comparison, {@code in}, iteration and slices,
 * with the views and lazy iterators that they give. Stateless but for iterators, which belong to
 * one rendering.
 */
@NullMarked
package dev.weft.chat.jinja.operation;

import org.jspecify.annotations.NullMarked;
