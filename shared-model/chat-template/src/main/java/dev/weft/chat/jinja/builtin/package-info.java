/**
 * What Python and jinja2 offer to templates: methods of strings, numbers and containers, filters,
 * tests and global functions, as jinja2's sandbox with immutable containers lets them through.
 * Stateless but for objects a template makes.
 */
@NullMarked
package dev.weft.chat.jinja.builtin;

import org.jspecify.annotations.NullMarked;
