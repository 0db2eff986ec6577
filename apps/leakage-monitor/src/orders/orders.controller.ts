import { Controller, Get, Header, Inject, Param, Query } from '@nestjs/common';
import { inputReader } from '../http/parse-input.ts';
import { type Orders, OrdersQuerySchema, type OrderStory } from './orders.api.ts';
import { ReadOrders } from './read-orders.ts';

const readQuery = inputReader(OrdersQuerySchema);

@Controller('api/v1/orders')
export class OrdersController {
  constructor(@Inject(ReadOrders) private readonly orders: ReadOrders) {}

  @Get()
  @Header('cache-control', 'no-store')
  list(@Query() query: unknown): Promise<Orders> {
    return this.orders.list(readQuery(query));
  }

  @Get(':orderKey')
  @Header('cache-control', 'no-store')
  story(@Param('orderKey') orderKey: string): Promise<OrderStory> {
    return this.orders.story(orderKey);
  }
}
