/**
 * Says how alike the answers of two versions to the same request are. Texts are compared here and
 * forgotten. The package keeps no state. Any thread.
 */
@NullMarked
package dev.weft.gateway.rollout.shadow.text;

import org.jspecify.annotations.NullMarked;
