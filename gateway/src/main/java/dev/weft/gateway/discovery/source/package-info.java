/** Defines sources of workers, what they tell, and which found addresses may be workers'. */
@NullMarked
package dev.weft.gateway.discovery.source;

import org.jspecify.annotations.NullMarked;
