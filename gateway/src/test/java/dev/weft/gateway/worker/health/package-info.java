@NullMarked
package dev.weft.gateway.worker.health;

import org.jspecify.annotations.NullMarked;
