/**
 * The tree of a template: expressions, statements, what they assign to, and where each stands. It
 * is immutable, and what a template may not say is an error that names its line and column.
 */
@NullMarked
package dev.weft.chat.jinja.syntax;

import org.jspecify.annotations.NullMarked;
