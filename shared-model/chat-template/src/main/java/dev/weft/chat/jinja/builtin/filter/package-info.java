/**
 * The filters and tests of jinja2, by name, as its sandbox with immutable containers allows them.
 * They keep no state; each charges the budget for its work.
 */
@NullMarked
package dev.weft.chat.jinja.builtin.filter;

import org.jspecify.annotations.NullMarked;
