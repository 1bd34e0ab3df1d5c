/**
 * Decides whose a request is. Without keys every request is of the default tenant. With keys the
 * request's token decides: the catalog says which tenant it is of, and this gateway remembers that.
 * Spring Security's chain decides before any handler; handlers get the {@link
 * dev.weft.access.holder.Holder}.
 */
@NullMarked
package dev.weft.gateway.access;

import org.jspecify.annotations.NullMarked;
