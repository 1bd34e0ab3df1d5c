/** Tokens, certificates and tenants, from the first token on. */
@NullMarked
package dev.weft.system.access;

import org.jspecify.annotations.NullMarked;
