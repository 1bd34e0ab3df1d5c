/**
 * Runs a template's tree: statements, expressions, scopes, loops and macros. One rendering belongs
 * to one thread. It ends with a {@link dev.weft.chat.jinja.budget.PyError} if Python would raise or
 * the budget is spent.
 */
@NullMarked
package dev.weft.chat.jinja.rendering;

import org.jspecify.annotations.NullMarked;
