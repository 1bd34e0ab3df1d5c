/**
 * The filters and tests of jinja2, by name, as its sandbox with immutable containers lets them
 * through. Stateless; each pays for the work that it does.
 */
@NullMarked
package dev.weft.chat.jinja.builtin.filter;

import org.jspecify.annotations.NullMarked;
