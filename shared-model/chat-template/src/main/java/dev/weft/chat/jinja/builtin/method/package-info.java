/**
 * Attributes and methods of strings, numbers and containers, as jinja2's sandbox allows them, and
 * paths of attributes as filters take them. They keep no state; each charges the budget for its
 * work.
 */
@NullMarked
package dev.weft.chat.jinja.builtin.method;

import org.jspecify.annotations.NullMarked;
