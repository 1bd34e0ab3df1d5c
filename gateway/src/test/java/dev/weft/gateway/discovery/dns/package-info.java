@NullMarked
package dev.weft.gateway.discovery.dns;

import org.jspecify.annotations.NullMarked;
