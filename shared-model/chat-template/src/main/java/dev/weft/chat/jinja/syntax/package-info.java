/**
 * The tree of a template: expressions, statements, the targets of assignments, and the position of
 * each. It is immutable. A construct that a template may not use is an error that names its line
 * and column.
 */
@NullMarked
package dev.weft.chat.jinja.syntax;

import org.jspecify.annotations.NullMarked;
