/** Official clients and widely used ones, with no special case for Weft. */
@NullMarked
package dev.weft.system.client;

import org.jspecify.annotations.NullMarked;
