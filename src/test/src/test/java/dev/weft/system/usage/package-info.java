/** What keys may use, and what was used, through several gateways. */
@NullMarked
package dev.weft.system.usage;

import org.jspecify.annotations.NullMarked;
