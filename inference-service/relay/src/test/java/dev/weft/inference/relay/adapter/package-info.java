/** Tests of the relay's adapter. */
@NullMarked
package dev.weft.inference.relay.adapter;

import org.jspecify.annotations.NullMarked;
