/**
 * Attributes and methods of strings, numbers and containers, as jinja2's sandbox lets them through,
 * and paths of attributes as filters take them. Stateless; each pays for the work that it does.
 */
@NullMarked
package dev.weft.chat.jinja.builtin.method;

import org.jspecify.annotations.NullMarked;
