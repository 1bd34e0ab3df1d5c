/** Tests of the protocol: adapter. */
@NullMarked
package dev.weft.protocol.adapter;

import org.jspecify.annotations.NullMarked;
