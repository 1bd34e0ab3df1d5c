/**
 * Decides whose a request is. Without keys every request is of the default tenant. With keys its
 * token names the tenant; the catalog says which, and this gateway remembers it. Spring Security's
 * chain decides before any handler; handlers get the {@link dev.weft.access.holder.Holder}.
 */
@NullMarked
package dev.weft.gateway.access;

import org.jspecify.annotations.NullMarked;
