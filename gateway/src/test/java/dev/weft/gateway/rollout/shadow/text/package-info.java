/** Tests of the gateway: texts of shadows. */
@NullMarked
package dev.weft.gateway.rollout.shadow.text;

import org.jspecify.annotations.NullMarked;
