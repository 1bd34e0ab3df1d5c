package dev.weft.catalog.adapter;

import dev.weft.protocol.repository.RepositoryRef;

/** A registration that was read and checked. */
record Registration(String name, RepositoryRef repository) {}
