/**
 * What two versions have said to the same request, and how alike that is. Texts are compared here
 * and forgotten. The package keeps no state. Any thread.
 */
@NullMarked
package dev.weft.gateway.rollout.shadow.text;

import org.jspecify.annotations.NullMarked;
