@NullMarked
package dev.weft.gateway.discovery.kubernetes;

import org.jspecify.annotations.NullMarked;
