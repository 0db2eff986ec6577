import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../access/actor.ts';
import { download } from '../http/download.ts';
import { inputReader } from '../http/parse-input.ts';
import { HoldReview } from './hold-review.ts';
import {
  CloseDecisionBodySchema,
  type Decision,
  DecisionBodySchema,
  type Review,
  type Reviews,
  SignBodySchema,
} from './review.api.ts';
import { reviewHtml } from './review-html.ts';
import { reviewPack } from './review-pack.ts';
import { reviewPdf } from './review-pdf.ts';

const readSign = inputReader(SignBodySchema);
const readDecision = inputReader(DecisionBodySchema);
const readClose = inputReader(CloseDecisionBodySchema);

@Controller('api/v1')
export class ReviewController {
  constructor(@Inject(HoldReview) private readonly reviews: HoldReview) {}

  @Get('reviews')
  @Header('cache-control', 'no-store')
  list(): Promise<Reviews> {
    return this.reviews.list();
  }

  @Get('reviews/:week')
  @Header('cache-control', 'no-store')
  read(@Param('week') week: string): Promise<Review> {
    return this.reviews.read(week);
  }

  @Post('reviews/:week/sign')
  @HttpCode(200)
  sign(@Param('week') week: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<Review> {
    return this.reviews.sign(week, readSign(body), actorOf(request));
  }

  @Post('reviews/:week/decisions')
  decide(
    @Param('week') week: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<Decision> {
    return this.reviews.decide(week, readDecision(body), actorOf(request));
  }

  @Post('decisions/:id/state')
  @HttpCode(200)
  close(@Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<Decision> {
    return this.reviews.closeDecision(id, readClose(body), actorOf(request));
  }

  @Get('reviews/:week/pack.html')
  async html(@Param('week') week: string) {
    const html = reviewHtml(reviewPack(await this.reviews.read(week)));
    return download(Buffer.from(html, 'utf8'), 'text/html; charset=utf-8', `review-${week}.html`);
  }

  @Get('reviews/:week/pack.pdf')
  async pdf(@Param('week') week: string) {
    const bytes = await reviewPdf(reviewPack(await this.reviews.read(week)));
    return download(bytes, 'application/pdf', `review-${week}.pdf`);
  }
}
