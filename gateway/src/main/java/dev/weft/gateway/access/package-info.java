/**
 * Whose a request is. Without keys everything is of the default tenant; with them a token names the
 * tenant, as the catalog says and this gateway remembers. Spring Security's chain decides before
 * any handler; handlers get the {@link dev.weft.access.holder.Holder}.
 */
@NullMarked
package dev.weft.gateway.access;

import org.jspecify.annotations.NullMarked;
