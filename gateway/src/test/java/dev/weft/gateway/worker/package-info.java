/** Tests of the gateway: worker. */
@NullMarked
package dev.weft.gateway.worker;

import org.jspecify.annotations.NullMarked;
