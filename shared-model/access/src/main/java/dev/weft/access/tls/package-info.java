/**
 * TLS of a process: the certificates that its ports and clients show, and those that its clients
 * trust. Spring Boot's SSL bundles read the files, and read them again.
 */
@NullMarked
package dev.weft.access.tls;

import org.jspecify.annotations.NullMarked;
